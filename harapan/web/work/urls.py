from django.urls import path

from harapan.web.work import activities, duties, plan, targets, tasks

urlpatterns = [
    path("", tasks.landing, name="work"),
    path("keluarga/<int:family_id>/<slug:kind>/<str:mark>/", tasks.answer, name="task_answer"),
    path("rencana/", plan.page, name="work_plan"),
    path("rencana/usul/", plan.propose, name="work_propose"),
    path("rencana/setuju/", plan.accept, name="work_accept"),
    path("rencana/cetak/", plan.printed, name="work_print"),
    path("rencana/<str:month>/tambah/", plan.add, name="work_add"),
    path("rencana/butir/<int:item_id>/", plan.item, name="work_item"),
    path("rencana/butir/<int:item_id>/hapus/", plan.remove, name="work_remove"),
    path("rencana/surat/<str:day>/", plan.visits_letter, name="work_letter"),
    path("kegiatan/", activities.page, name="activities"),
    path("kegiatan/catat/", activities.new, name="activity_new"),
    path("kegiatan/<int:activity_id>/", activities.change, name="activity"),
    path("kegiatan/<int:activity_id>/hapus/", activities.remove, name="activity_remove"),
    path("kegiatan/<int:activity_id>/foto/", activities.photograph, name="activity_photograph"),
    path("kegiatan/<int:activity_id>/foto/<int:photograph_id>/", activities.shown, name="activity_photo"),
    path("tambahan/", duties.page, name="duties"),
    path("tambahan/catat/", duties.new, name="duty_new"),
    path("tambahan/<int:duty_id>/batal/", duties.cancel, name="duty_cancel"),
    path("tambahan/<int:duty_id>/surat/", duties.order, name="duty_letter"),
    path("target/", targets.page, name="targets"),
]
