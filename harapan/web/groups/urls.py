from django.urls import path

from harapan.web.groups import views

urlpatterns = [
    path("", views.groups, name="groups"),
    path("<int:group_id>/", views.group, name="group"),
]
