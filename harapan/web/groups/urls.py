from django.urls import path

from harapan.web.groups import balance, deeds, views

urlpatterns = [
    path("", views.groups, name="groups"),
    path("baru/", deeds.make, name="group_new"),
    path("tata/", balance.page, name="groups_balance"),
    path("pindah/", deeds.move, name="group_move"),
    path("<int:group_id>/", views.group, name="group"),
    path("<int:group_id>/ubah/", deeds.change, name="group_change"),
    path("<int:group_id>/lembar/", views.sheets, name="group_sheets"),
]
