from django.urls import path

from harapan.web.families import views

urlpatterns = [
    path("", views.families, name="families"),
    path("unduh/<str:form>/", views.families_file, name="families_file"),
    path("unduhan/", views.family_exports, name="family_exports"),
    path("unduhan/jalan/", views.family_exporting, name="family_exporting"),
    path("unduhan/<int:work_id>/", views.family_export, name="family_export"),
    path("<int:family_id>/", views.family, name="family"),
    path("<int:family_id>/jejak/", views.traces, name="family_traces"),
    path("<int:family_id>/lembar/", views.sheet, name="family_sheet"),
    path("<int:family_id>/teks/", views.text, name="family_text"),
    path("<int:family_id>/buka/", views.unmask, name="family_unmask"),
    path("<int:family_id>/pertanyaan/<int:question_id>/", views.question, name="family_question"),
    path("<int:family_id>/catatan/", views.note, name="family_note"),
]
