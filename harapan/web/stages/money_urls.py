"""The addresses of the pages about a computed stage's money, below the stage's own."""

from django.urls import path

from harapan.web.stages import held, instructing, ledger, lying, payment_files, retries, settlement

urlpatterns = [
    path("uang/langkah/", settlement.settle, name="stage_settle"),
    path("perintah/", instructing.instructions, name="stage_instructions"),
    path("perintah/kerja/", instructing.progress, name="stage_drawing"),
    path("perintah/tarik/<slug:what>/", instructing.draw, name="stage_draw"),
    path("perintah/<int:number>/<slug:kind>/", instructing.paper, name="stage_paper"),
    path("berkas/", payment_files.files, name="stage_files"),
    path("berkas/serahkan/", payment_files.hand_over, name="stage_hand_over"),
    path("berkas/<int:file_id>/", payment_files.file, name="stage_file"),
    path("berkas/<int:file_id>/isi/", payment_files.take_out, name="stage_take_out"),
    path("bayar-ulang/", retries.retries, name="stage_retries"),
    path("bayar-ulang/minta/", retries.ask, name="stage_ask_again"),
    path("ditahan/", held.held, name="stage_held"),
    path("ditahan/lepas/", held.release, name="stage_release"),
    path("mengendap/", lying.untouched, name="stage_untouched"),
    path("setoran/", lying.paid_back, name="stage_paid_back"),
    path("setoran/<str:payer>/<int:regency>/", lying.pay_back, name="stage_pay_back"),
    path("buku-besar/", ledger.ledger, name="stage_ledger"),
    path("buku-besar/unduh/<str:form>/", ledger.ledger_file, name="stage_ledger_file"),
]
