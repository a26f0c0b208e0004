"""What a form asks of a paper that is sent with it: its kind, who issued it, its number and its day."""

from __future__ import annotations

from matchhub.domain.papers import PAPER_KINDS, Paper
from web.forms import DayField, LabelledField, Length, TextField
from web.page_forms import SmallForm

PAPER_FAULTS = {"paper_day": "paper_on", "evidence_kind": "paper_kind", "evidence": "file"}


class PaperForm(SmallForm):
    """A form with a file; the rest of it says what the paper is, and is asked for wherever a file is sent."""

    paper_kind = LabelledField("paper_kind", PAPER_KINDS, default="other")
    paper_issuer = TextField(validators=[Length(1, 255)])
    paper_number = TextField(validators=[Length(1, 255)])
    paper_on = DayField()

    @property
    def paper(self) -> Paper:
        """The paper as it was described, of a form that was checked."""
        return Paper(self.paper_kind.data, self.paper_issuer.data, self.paper_number.data, self.paper_on.data)


class BankPaperForm(PaperForm):
    """A form whose file is proof of a payment, mostly a bank's slip."""

    paper_kind = LabelledField("paper_kind", PAPER_KINDS, default="bank_slip")


class ContractPaperForm(PaperForm):
    """A form whose file is a contract."""

    paper_kind = LabelledField("paper_kind", PAPER_KINDS, default="contract")


class FilingPaperForm(PaperForm):
    """A form whose file shows that a licence was filed."""

    paper_kind = LabelledField("paper_kind", PAPER_KINDS, default="filing_certificate")
