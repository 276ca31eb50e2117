from django.urls import path

from harapan.web.p2k2 import families, groups, overview, papers, sessions

urlpatterns = [
    path("", overview.landing, name="p2k2"),
    path("ringkasan/unduh/<str:form>/", overview.file, name="p2k2_file"),
    path("kelompok/", groups.groups, name="p2k2_groups"),
    path("kelompok/<int:group_id>/", groups.group, name="p2k2_group"),
    path("kelompok/<int:group_id>/rencana/", groups.propose, name="plan_propose"),
    path("kelompok/<int:group_id>/rencana/<int:month>/", groups.plan_month, name="plan_month"),
    path("kelompok/<int:group_id>/lembar/", papers.blank, name="p2k2_sheet"),
    path("kelompok/<int:group_id>/pertemuan/", sessions.new, name="session_new"),
    path("pertemuan/<int:session_id>/", sessions.one, name="session"),
    path("pertemuan/<int:session_id>/hadir/", sessions.mark, name="session_mark"),
    path("pertemuan/<int:session_id>/ubah/", sessions.change, name="session_change"),
    path("pertemuan/<int:session_id>/hapus/", sessions.remove, name="session_remove"),
    path("pertemuan/<int:session_id>/foto/", sessions.photograph, name="session_photograph"),
    path("pertemuan/<int:session_id>/foto/<int:photograph_id>/", papers.photograph, name="photograph"),
    path(
        "pertemuan/<int:session_id>/foto/<int:photograph_id>/hapus/", sessions.photograph_away, name="photograph_away"
    ),
    path("pertemuan/<int:session_id>/daftar-hadir/", papers.filled, name="session_sheet"),
    path("pertemuan/<int:session_id>/laporan/", papers.report, name="session_report"),
    path("keluarga/<int:family_id>/", families.family, name="p2k2_family"),
    path("keluarga/<int:family_id>/komitmen/", families.commit, name="commitment_new"),
    path("keluarga/<int:family_id>/komitmen/<int:commitment_id>/", families.answer, name="commitment_answer"),
    path("keluarga/<int:family_id>/perilaku/", families.behaviours, name="behaviours"),
]
