from django.urls import path

from harapan.web.sanctions import deferrals, exemptions, views

urlpatterns = [
    path("", views.notices, name="sanctions"),
    path("pilihan/", views.several, name="sanctions_several"),
    path("surat/", views.letters, name="sanction_letters"),
    path("<int:notice_id>/", views.notice, name="sanction_notice"),
    path("<int:notice_id>/jawab/", views.answer, name="sanction_answer"),
    path("<int:notice_id>/putus/", views.decide, name="sanction_decide"),
    path("<int:notice_id>/bukti/<uuid:file_id>/", views.evidence, name="sanction_evidence"),
    path("pembebasan/", exemptions.exemptions, name="exemptions"),
    path("pembebasan/<int:exemption_id>/", exemptions.exemption, name="exemption"),
    path("ditangguhkan/", deferrals.deferrals, name="deferrals"),
    path("ditangguhkan/<int:deferral_id>/", deferrals.deferral, name="deferral"),
]
