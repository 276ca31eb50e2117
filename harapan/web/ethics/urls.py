from django.urls import path

from harapan.web.ethics import cases, code, deeds, own, public, register, visits

urlpatterns = [
    path("", code.landing, name="ethics"),
    path("tanda-tangan/", code.sign, name="ethics_sign"),
    path("belum/", code.unsigned, name="ethics_unsigned"),
    path("belum/lembar/", code.paper, name="ethics_paper"),
    path("lapor/", public.report, name="ethics_report"),
    path("laporan/", public.follow, name="ethics_follow"),
    path("kasus/", cases.listing, name="ethics_cases"),
    path("kasus/<int:case_id>/", cases.one, name="ethics_case"),
    path("kasus/<int:case_id>/ambil/", deeds.take, name="ethics_take"),
    path("kasus/<int:case_id>/laporan/<int:report_id>/balas/", deeds.reply, name="ethics_reply"),
    path("kasus/<int:case_id>/laporan/<int:report_id>/pelapor/", deeds.reporter, name="ethics_reporter"),
    path("kasus/<int:case_id>/laporan/<int:report_id>/penyimpan/", deeds.keeper, name="ethics_keeper"),
    path("kasus/<int:case_id>/berkas/<int:evidence_id>/", cases.file, name="ethics_file"),
    path("kasus/<int:case_id>/<str:name>/", deeds.deed, name="ethics_deed"),
    path("perkara/<int:case_id>/", own.own, name="ethics_own"),
    path("perkara/<int:case_id>/pembelaan/", own.answer, name="ethics_answer"),
    path("perkara/<int:case_id>/banding/", own.appeal, name="ethics_appeal"),
    path("sanksi/", register.register, name="ethics_register"),
    path("sanksi/unduh/<str:form>/", register.download, name="ethics_register_file"),
    path("pelaksanaan/", register.waiting, name="ethics_execute"),
    path("pelaksanaan/<int:decision_id>/", register.execute, name="ethics_executed"),
    path("kunjungan/", visits.listing, name="ethics_visits"),
    path("kunjungan/undi/", visits.draw, name="ethics_visits_draw"),
    path("kunjungan/<int:visit_id>/", visits.one, name="ethics_visit"),
    path("kunjungan/<int:visit_id>/teruskan/", visits.forward, name="ethics_visit_forward"),
]
