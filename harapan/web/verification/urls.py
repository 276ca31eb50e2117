from django.urls import path

from harapan.web.verification import views

urlpatterns = [
    path("", views.facilities, name="verification"),
    path("<int:facility_id>/", views.facility, name="facility"),
    path("<int:facility_id>/nyatakan/", views.declare, name="facility_declare"),
    path("<int:facility_id>/bukti/", views.prove, name="facility_prove"),
    path("<int:facility_id>/bukti/<uuid:file_id>/", views.evidence_file, name="evidence_file"),
    path("<int:facility_id>/formulir/", views.blank_form, name="facility_form"),
]
