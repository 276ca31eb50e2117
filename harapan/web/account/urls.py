"""Signing in and out, the second factor, one's own account. The names are those that allauth asks for."""

from django.urls import path

from harapan.web.account import own, views

urlpatterns = [
    path("masuk/", views.SignIn.as_view(), name="account_login"),
    path("masuk/bantuan/", views.help_to_sign_in, name="account_reset_password"),
    path("masuk/nonaktif/", views.inactive, name="account_inactive"),
    path("masuk/kode/", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("masuk/ulang/", views.AgainByPassword.as_view(), name="account_reauthenticate"),
    path("masuk/ulang/kode/", views.AgainByCode.as_view(), name="mfa_reauthenticate"),
    path("masuk/ulang/kunci-sandi/", views.AgainByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("keluar/", views.SignOut.as_view(), name="account_logout"),
    path("jabatan/", own.switch_post, name="switch_post"),
    path("akun/", own.Settings.as_view(), name="mfa_index"),
    path("akun/langkah-kedua/", own.second_factor_needed, name="second_factor_needed"),
    path("akun/kata-sandi/", own.ChangePassword.as_view(), name="account_change_password"),
    path("akun/aplikasi-kode/", own.AddCodeApp.as_view(), name="mfa_activate_totp"),
    path("akun/aplikasi-kode/lepas/", own.RemoveCodeApp.as_view(), name="mfa_deactivate_totp"),
    path("akun/kode-cadangan/", own.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("akun/kode-cadangan/buat/", own.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("akun/kunci-sandi/", own.Passkeys.as_view(), name="mfa_list_webauthn"),
    path("akun/kunci-sandi/tambah/", own.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("akun/kunci-sandi/<int:pk>/lepas/", own.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("akun/kunci-sandi/<int:pk>/nama/", own.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
]
