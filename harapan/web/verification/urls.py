from django.urls import path

from harapan.web.verification import declaring, views

urlpatterns = [
    path("", views.facilities, name="verification"),
    path("<int:facility_id>/", views.facility, name="facility"),
    path("<int:facility_id>/nyatakan/", declaring.declare, name="facility_declare"),
    path("<int:facility_id>/akibat/", declaring.foresee, name="facility_foresee"),
    path("<int:facility_id>/minggu/", declaring.week, name="facility_week"),
    path("<int:facility_id>/bukti/", views.prove, name="facility_prove"),
    path("<int:facility_id>/bukti/<uuid:file_id>/", views.evidence_file, name="evidence_file"),
    path("<int:facility_id>/formulir/", views.blank_form, name="facility_form"),
]
