from django.urls import path

from harapan.web.changes import sheet, views

urlpatterns = [
    path("", views.changes, name="changes"),
    path("unduh/<str:form>/", views.changes_file, name="changes_file"),
    path("putus/", views.decide_several, name="changes_decide"),
    path("keluarga/<int:family_id>/", views.of_family, name="family_changes"),
    path("keluarga/<int:family_id>/<slug:kind>/", views.new, name="change_new"),
    path("<int:change_id>/", views.change, name="change"),
    path("<int:change_id>/bukti/", views.prove, name="change_prove"),
    path("<int:change_id>/bukti/<uuid:file_id>/", views.proof, name="change_proof"),
    path("<int:change_id>/putus/", views.decide, name="change_decide"),
    path("<int:change_id>/siks/", views.enter, name="change_enter"),
    path("<int:change_id>/salin/", sheet.copy_sheet, name="change_sheet"),
]
