from django.urls import path

from harapan.web.staff import badges, beginning, contracts, going, record, roster

urlpatterns = [
    path("", roster.overview, name="staff"),
    path("orang/", roster.people, name="staff_people"),
    path("formasi/", roster.establishment, name="staff_establishment"),
    path("baru/", roster.add, name="staff_new"),
    path("saya/", record.mine, name="my_record"),
    path("kontrak/", contracts.ending, name="staff_contracts"),
    path("masa-awal/", beginning.newcomers, name="staff_newcomers"),
    path("periksa/", badges.check, name="badge_check"),
    path("periksa/<str:code>/", badges.check, name="badge_checked"),
    path("kepergian/<int:departure_id>/", going.one, name="departure"),
    path("kepergian/<int:departure_id>/serahkan/", going.hand_over, name="departure_hand_over"),
    path("kepergian/<int:departure_id>/laksanakan/", going.settle, name="departure_settle"),
    path("kepergian/<int:departure_id>/batalkan/", going.withdraw, name="departure_withdraw"),
    path("kepergian/<int:departure_id>/kembali/", going.come_back, name="departure_come_back"),
    path("<int:person_id>/", record.one, name="staff_person"),
    path("<int:person_id>/ubah/", record.change, name="staff_change"),
    path("<int:person_id>/akun/", record.account, name="staff_account"),
    path("<int:person_id>/kontrak/", contracts.sign, name="staff_contract"),
    path("<int:person_id>/pembimbing/", beginning.mentor, name="staff_mentor"),
    path("<int:person_id>/langkah/<str:code>/", beginning.step, name="staff_step"),
    path("<int:person_id>/<str:kind>/rencana/", going.plan, name="departure_plan"),
    path("<int:person_id>/kartu/", badges.issue, name="badge_issue"),
    path("<int:person_id>/kartu/<int:badge_id>/", badges.paper, name="badge_paper"),
    path("<int:person_id>/kartu/<int:badge_id>/cabut/", badges.revoke, name="badge_revoke"),
]
