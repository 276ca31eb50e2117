from django.urls import path

from harapan.web.groups import views

urlpatterns = [
    path("", views.groups, name="groups"),
    path("<int:group_id>/", views.group, name="group"),
    path("<int:group_id>/lembar/", views.sheets, name="group_sheets"),
]
