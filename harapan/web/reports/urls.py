from django.urls import path

from harapan.web.reports import views

urlpatterns = [
    path("", views.page, name="reports"),
    path("buat/", views.make, name="reports_make"),
    path("skp/<int:year>/", views.form, name="report_skp"),
    path("paket/", views.pack, name="report_pack"),
    path("paket/kemajuan/", views.packing, name="report_packing"),
    path("paket/<int:work_id>/", views.pack_file, name="report_pack_file"),
    path("periksa/", views.check, name="report_check"),
    path("periksa/<str:code>/", views.check, name="report_checked"),
    path("<int:report_id>/", views.history, name="report"),
    path("<int:report_id>/versi/<int:version>/", views.file, name="report_file"),
]
