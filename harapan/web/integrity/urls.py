from django.urls import path

from harapan.web.integrity import calibration, checks, findings

urlpatterns = [
    path("", findings.landing, name="integrity"),
    path("<int:finding_id>/", findings.one, name="finding"),
    path("<int:finding_id>/jawab/", findings.answer, name="finding_answer"),
    path("<int:finding_id>/teruskan/", findings.refer, name="finding_refer"),
    path("<int:finding_id>/berkas/<uuid:file_id>/", findings.file, name="finding_file"),
    path("kunjungan/", checks.checks, name="checks"),
    path("kunjungan/undi/", checks.draw, name="check_draw"),
    path("kunjungan/<int:visit_id>/", checks.check, name="check"),
    path("kunjungan/<int:visit_id>/foto/<int:photograph_id>/", checks.photograph, name="check_photograph"),
    path("peneraan/", calibration.calibration, name="calibration"),
]
