from django.urls import path

from harapan.web.home import views

urlpatterns = [path("", views.home, name="home")]
