from django.urls import path

from harapan.web.applying import own, views

urlpatterns = [
    path("", views.rounds, name="applying"),
    path("status/", views.look_up, name="application_status"),
    path("putaran/<slug:code>/", views.one_round, name="applying_round"),
    path("putaran/<slug:code>/mulai/<int:formation_id>/", views.begin, name="application_begin"),
    path("saya/", own.status, name="application_own"),
    path("saya/isian/<str:step>/", own.fill, name="application_fill"),
    path("saya/berkas/", own.documents, name="application_documents"),
    path("saya/kirim/", own.send, name="application_send"),
    path("saya/tarik/", own.take_back, name="application_withdraw"),
    path("saya/sanggah/", own.object_, name="application_object"),
    path("saya/tawaran/", own.answer, name="application_answer"),
    path("saya/selesai/", own.leave, name="application_leave"),
]
