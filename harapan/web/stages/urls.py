from django.urls import include, path

from harapan.web.stages import cards, differences, exceptions, holding, minutes, money, views

urlpatterns = [
    path("", views.stages, name="stages"),
    path("rencana/", views.plan, name="stage_plan"),
    path("kartu/", cards.cards, name="cards"),
    path("kartu/catat/", cards.record, name="cards_record"),
    path("<str:name>/", views.stage, name="stage"),
    path("<str:name>/langkah/", views.move, name="stage_move"),
    path("<str:name>/hitung/", views.compute, name="stage_compute"),
    path("<str:name>/hitung/jalan/", views.computing, name="stage_computing"),
    path("<str:name>/selisih/", differences.differences, name="stage_differences"),
    path("<str:name>/selisih/unduh/<str:form>/", differences.differences_file, name="stage_differences_file"),
    path("<str:name>/selisih/<int:family_id>/", differences.difference, name="difference"),
    path("<str:name>/belum-cocok/", exceptions.exceptions, name="stage_exceptions"),
    path("<str:name>/belum-cocok/<int:exception_id>/", exceptions.exception, name="exception"),
    path("<str:name>/uang/", money.stage_money, name="stage_money"),
    path("<str:name>/uang/daftar/", money.undelivered, name="undelivered"),
    path("<str:name>/uang/unduh/<str:form>/", money.undelivered_file, name="undelivered_file"),
    path("<str:name>/tahan/<int:family_id>/", holding.hold, name="stage_hold"),
    path("<str:name>/berita-acara/", minutes.all_minutes, name="minutes"),
    path("<str:name>/berita-acara/baru/<int:regency_no>/", minutes.draw_up, name="minutes_new"),
    path("<str:name>/berita-acara/<int:minutes_id>/", minutes.one_minutes, name="minutes_one"),
    path("<str:name>/berita-acara/<int:minutes_id>/pdf/", minutes.pdf, name="minutes_pdf"),
    path("<str:name>/berita-acara/<int:minutes_id>/xlsx/", minutes.xlsx, name="minutes_xlsx"),
    path("<str:name>/berita-acara/<int:minutes_id>/tanda-tangan/", minutes.sign, name="minutes_sign"),
    path("<str:name>/berita-acara/<int:minutes_id>/pindaian/", minutes.scan, name="minutes_scan"),
    path("<str:name>/", include("harapan.web.stages.money_urls")),
]
