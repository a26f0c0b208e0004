"""What is done about accounts: by the operator, the administrator, the bureau's keeper and an organisation's chief."""

from __future__ import annotations

from web.account import administration, colleagues, contacts, organisations, registrations, second_factor
from web.api.operations import Change
from web.bureau import accounts

_ACCOUNT, _COLLEAGUE, _CLERK = (
    "/accounts/<int:account_id>",
    "/colleagues/<int:number>",
    "/bureau-accounts/<int:account_id>",
)
_INVITATION = "/invitations/<int:number>"
_NAMES = "/organisations/<int:organisation_id>/names"
_REGISTRATION = "/registrations/<int:registration_id>"

CHANGES = (
    Change("accounts", "/contacts", contacts.contacts, contacts.ContactsForm),
    Change("accounts", f"{_COLLEAGUE}/disable", colleagues.disable_colleague, colleagues.ShutOutForm),
    Change("accounts", f"{_COLLEAGUE}/enable", colleagues.enable_colleague, colleagues.LetInForm),
    Change("accounts", f"{_INVITATION}/withdraw", colleagues.withdraw_invitation, colleagues.WithdrawInvitationForm),
    Change("accounts", f"{_REGISTRATION}/confirm", registrations.confirm_registration, registrations.DecisionForm),
    Change("accounts", f"{_REGISTRATION}/reject", registrations.reject_registration, registrations.DecisionForm),
    Change("accounts", _NAMES, organisations.link, organisations.LinkForm),
    Change("accounts", f"{_NAMES}/<int:link_id>/unlink", organisations.unlink, organisations.UnlinkForm),
    Change("accounts", f"{_ACCOUNT}/disable", administration.disable, administration.DisableForm),
    Change("accounts", f"{_ACCOUNT}/enable", administration.enable, administration.EnableForm),
    Change("accounts", f"{_ACCOUNT}/codes/reset", second_factor.reset_second_factor),
    Change("accounts", f"{_CLERK}/disable", accounts.disable_bureau_account, accounts.ShutOutForm),
    Change("accounts", f"{_CLERK}/enable", accounts.enable_bureau_account, accounts.LetInForm),
    Change("accounts", f"{_CLERK}/codes/reset", accounts.reset_bureau_codes, accounts.ResetCodesForm),
)  # fmt: skip
