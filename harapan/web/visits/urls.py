from django.urls import path

from harapan.web.visits import views

urlpatterns = [
    path("", views.visits, name="visits"),
    path("keluarga/<int:family_id>/", views.new, name="visit_new"),
    path("<int:visit_id>/", views.one, name="visit"),
    path("<int:visit_id>/perbaiki/", views.correct, name="visit_correct"),
    path("<int:visit_id>/foto/", views.add_photos, name="visit_photos"),
    path("<int:visit_id>/foto/<int:photograph_id>/", views.photograph, name="visit_photograph"),
    path("usulan/<int:proposal_id>/", views.decide, name="end_decide"),
]
