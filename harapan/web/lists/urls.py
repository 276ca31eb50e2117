from django.urls import path

from harapan.web.lists import views

urlpatterns = [
    path("", views.lists, name="lists"),
    path("keluarga/", views.changed, name="lists_changed"),
    path("unduh/", views.workbook, name="lists_file"),
]
