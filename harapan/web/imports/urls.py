from django.urls import path

from harapan.web.imports import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("baru/", views.upload, name="import_new"),
    path("<int:run_id>/", views.one_import, name="import"),
    path("<int:run_id>/jalan/", views.progress, name="import_progress"),
    path("<int:run_id>/simpan/", views.commit, name="import_commit"),
    path("<int:run_id>/ulang/", views.rehearse, name="import_rehearse"),
    path("<int:run_id>/ditolak/", views.refused, name="import_refused"),
]
