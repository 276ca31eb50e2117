from django.urls import path

from harapan.web.overview import reminding, views

urlpatterns = [
    path("", views.landing, name="overview"),
    path("pengingat/<int:user_id>/", reminding.remind, name="overview_remind"),
    path("<slug:view>/", views.page, name="overview_by"),
    path("<slug:view>/unduh/<str:form>/", views.file, name="overview_file"),
]
