from django.urls import path

from harapan.web.caseload import decrees, overview, proposal, records

urlpatterns = [
    path("", overview.landing, name="caseload"),
    path("usulan/", proposal.proposal, name="caseload_proposal"),
    path("usulan/catat/", proposal.accept, name="caseload_accept"),
    path("sk/", decrees.decrees, name="caseload_decrees"),
    path("sk/<int:decree_id>/", decrees.decree, name="caseload_decree"),
    path("sk/<int:decree_id>/serah-terima/<str:form>/", decrees.handover, name="caseload_handover"),
    path("sk/<int:decree_id>/kembalikan/", decrees.reverse_decree, name="caseload_reverse"),
    path("medan-dan-tugas/", records.records, name="caseload_records"),
    path("medan-dan-tugas/tugas/", records.add_duty, name="caseload_duty"),
    path("medan-dan-tugas/medan/", records.tell_terrain, name="caseload_terrain"),
]
