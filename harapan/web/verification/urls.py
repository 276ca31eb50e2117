from django.urls import path

from harapan.web.verification import confirming, declaring, files, links, owing, places, rollover, views

urlpatterns = [
    path("", views.facilities, name="verification"),
    path("<int:facility_id>/", views.facility, name="facility"),
    path("<int:facility_id>/nyatakan/", declaring.declare, name="facility_declare"),
    path("<int:facility_id>/akibat/", declaring.foresee, name="facility_foresee"),
    path("<int:facility_id>/minggu/", declaring.week, name="facility_week"),
    path("kewajiban/", owing.obligations, name="obligations"),
    path("tanpa-sekolah/", rollover.unplaced_pupils, name="unplaced"),
    path("tanpa-sekolah/<int:pupil_id>/", rollover.settled, name="unplaced_settle"),
    path("tempat/", places.without_place, name="without_place"),
    path("tempat/tetapkan/", places.assign, name="place_assign"),
    path("<int:facility_id>/kewajiban/", owing.of_facility, name="facility_obligations"),
    path("<int:facility_id>/kenaikan/", rollover.rollover, name="rollover"),
    path("<int:facility_id>/kenaikan/mulai/", rollover.begin, name="rollover_begin"),
    path("konfirmasi/<str:token>/", confirming.confirm, name="confirm"),
    path("<int:facility_id>/tautan/", links.make, name="link_make"),
    path("<int:facility_id>/tautan/<int:link_id>/", links.one, name="link"),
    path("<int:facility_id>/tautan/<int:link_id>/cetak/", links.printed, name="link_printed"),
    path("<int:facility_id>/tautan/<int:link_id>/cabut/", links.revoke, name="link_revoke"),
    path("<int:facility_id>/bukti/", views.prove, name="facility_prove"),
    path("<int:facility_id>/bukti/<uuid:file_id>/", views.evidence_file, name="evidence_file"),
    path("<int:facility_id>/formulir/<str:form>/", files.file, name="facility_file"),
    path("<int:facility_id>/formulir/", views.blank_form, name="facility_form"),
]
