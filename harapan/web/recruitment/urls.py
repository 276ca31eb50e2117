from django.urls import path

from harapan.web.recruitment import applications, deeds, marking, results, sessions, views

urlpatterns = [
    path("", views.listed, name="recruitment"),
    path("baru/", views.new, name="round_new"),
    path("wawancara/", marking.rounds, name="interviews"),
    path("wawancara/<int:round_id>/", marking.participants, name="interview_list"),
    path("wawancara/<int:round_id>/<int:participant_no>/", marking.mark, name="interview_mark"),
    path("<int:round_id>/", views.one, name="round"),
    path("<int:round_id>/aturan/", views.rules, name="round_rules"),
    path("<int:round_id>/formasi/", views.formation, name="round_formation"),
    path("<int:round_id>/langkah/<str:deed>/", deeds.step, name="round_step"),
    path("<int:round_id>/kemajuan/", deeds.progress, name="round_progress"),
    path("<int:round_id>/sesi/", sessions.listed, name="stage_sessions"),
    path("<int:round_id>/sesi/baru/", sessions.new, name="stage_session_new"),
    path("sesi/<int:session_id>/", sessions.one, name="stage_session"),
    path("sesi/<int:session_id>/undang/", sessions.invite, name="stage_session_invite"),
    path("sesi/<int:session_id>/lembar-nilai/", sessions.score_sheet, name="stage_session_scores"),
    path("sesi/<int:session_id>/teks/<str:form>/", sessions.texts, name="stage_session_texts"),
    path("<int:round_id>/lamaran/", applications.listed, name="applications"),
    path("lamaran/<int:application_id>/", applications.one, name="application"),
    path("lamaran/<int:application_id>/administrasi/", applications.check, name="application_check"),
    path("lamaran/<int:application_id>/nilai/", applications.correct, name="application_correct"),
    path("lamaran/<int:application_id>/hitung/", applications.swap, name="application_swap"),
    path("lamaran/<int:application_id>/berkas/<int:document_id>/", applications.document, name="application_document"),
    path("<int:round_id>/peringkat/", results.ranked, name="round_ranked"),
    path("<int:round_id>/peringkat/unduh/<str:form>/", results.file, name="round_ranked_file"),
    path("<int:round_id>/tawaran/", results.offers, name="place_offers"),
    path("<int:round_id>/tawaran/teks/<str:form>/", results.offer_texts, name="place_offer_texts"),
    path("<int:round_id>/sanggah/", results.objections, name="objections"),
    path("sanggah/<int:objection_id>/", results.objection, name="objection"),
]
