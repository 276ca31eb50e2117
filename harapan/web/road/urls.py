from django.urls import path

from harapan.web.road import candidate, decrees, meetings, overview, villages

urlpatterns = [
    path("", overview.road, name="road"),
    path("unduh/<str:form>/", overview.file, name="road_file"),
    path("keluarga/<int:family_id>/", candidate.one, name="candidate"),
    path("penetapan/", decrees.page, name="decree"),
    path("desa/", villages.villages, name="quotas"),
    path("desa/kuota/", villages.set_one, name="quota_set"),
    path("desa/<int:group_id>/", villages.one, name="candidates_village"),
    path("desa/<int:group_id>/pendamping/", villages.give, name="village_give"),
    path("desa/<int:group_id>/pertemuan/", meetings.plan, name="first_meeting_new"),
    path("pertemuan/<int:meeting_id>/", meetings.one, name="first_meeting"),
    path("pertemuan/<int:meeting_id>/perbaiki/", meetings.move, name="first_meeting_move"),
    path("pertemuan/<int:meeting_id>/naskah/", meetings.read_out, name="first_meeting_read"),
    path("pertemuan/<int:meeting_id>/undangan/", meetings.invitations, name="first_meeting_invitations"),
    path("pertemuan/<int:meeting_id>/daftar/", meetings.sheet, name="first_meeting_sheet"),
    path("pertemuan/<int:meeting_id>/bukti/<int:invitation_id>/", meetings.proof, name="consent_proof"),
]
