from django.urls import path

from harapan.web.distribution import amounts, days, families, groups, papers, questions, recording

urlpatterns = [
    path("", groups.landing, name="distributions"),
    path("kartu-dipegang/", families.held_cards, name="held_cards"),
    path("kartu-dipegang/<int:report_id>/", families.held_card, name="held_card"),
    path("kartu-dipegang/<int:report_id>/teruskan/", families.refer, name="held_card_refer"),
    path("kartu/berita-acara/", papers.minutes_of_cards, name="card_minutes"),
    path("keluarga/<int:family_id>/", families.now, name="distribution_family_now"),
    path("tanya/<int:question_id>/", questions.question, name="receipt_question"),
    path("<str:name>/", groups.groups, name="distribution"),
    path("<str:name>/cari/", groups.search, name="distribution_search"),
    path("<str:name>/hari/", days.days, name="distribution_days"),
    path("<str:name>/hari/<int:day_id>/", days.change, name="payout_day"),
    path("<str:name>/jumlah/", amounts.groups, name="distribution_amounts"),
    path("<str:name>/hari/bpnt/", days.listed_bpnt, name="listed_bpnt"),
    path("<str:name>/tanya/", questions.questions, name="distribution_questions"),
    path("<str:name>/tanya/undian/<int:draw_id>/", questions.repeat, name="receipt_draw_repeat"),
    path("<str:name>/tanya/undi/", questions.draw, name="receipt_draw"),
    path("<str:name>/unduh/<str:form>/", papers.file, name="distribution_file"),
    path("<str:name>/kelompok/<int:group_id>/", groups.group, name="distribution_group"),
    path("<str:name>/kelompok/<int:group_id>/catat/", recording.mark, name="handover_mark"),
    path("<str:name>/kelompok/<int:group_id>/bpnt/", recording.programme_due, name="programme_due"),
    path("<str:name>/kelompok/<int:group_id>/bukti/", recording.proof, name="handover_proof"),
    path("<str:name>/kelompok/<int:group_id>/bukti/alasan/", recording.reason_proof, name="handover_reason_proof"),
    path("<str:name>/kelompok/<int:group_id>/kabar/", recording.told, name="payout_told"),
    path("<str:name>/kelompok/<int:group_id>/jumlah/", amounts.group, name="distribution_group_amounts"),
    path("<str:name>/kelompok/<int:group_id>/bukti/<int:proof_id>/", papers.proof, name="handover_proof_file"),
    path("<str:name>/kelompok/<int:group_id>/pdf/", papers.signing_list, name="distribution_list"),
    path("<str:name>/keluarga/<int:family_id>/", families.family, name="distribution_family"),
    path("<str:name>/keluarga/<int:family_id>/kartu/", families.report, name="held_card_report"),
]
