"""The words of Docket as frozen values: items, policies, verdicts, decisions and the rows of the queue.

It owns the vocabulary and nothing else: no database, no model, no files. Everything that crosses a boundary
(store to services, services to window, window to model process) is one of these or built of these.
Times are timezone-aware UTC datetimes; scores are probabilities from 0 to 1; durations are seconds.
"""

from core.domain.claims import Claim as Claim
from core.domain.clock import utc_now as utc_now
from core.domain.custody import AuditEvent as AuditEvent
from core.domain.custody import BackupSummary as BackupSummary
from core.domain.custody import KeySlot as KeySlot
from core.domain.custody import Member as Member
from core.domain.custody import PurgePlan as PurgePlan
from core.domain.custody import PurgeSummary as PurgeSummary
from core.domain.custody import RestoreSummary as RestoreSummary
from core.domain.custody import Role as Role
from core.domain.custody import SlotKind as SlotKind
from core.domain.decisions import Cause as Cause
from core.domain.decisions import Decision as Decision
from core.domain.items import Item as Item
from core.domain.items import ItemKind as ItemKind
from core.domain.items import Turn as Turn
from core.domain.oversight import BatchSummary as BatchSummary
from core.domain.oversight import GoldenItem as GoldenItem
from core.domain.oversight import GoldenScore as GoldenScore
from core.domain.oversight import Hidden as Hidden
from core.domain.oversight import ReasonWhen as ReasonWhen
from core.domain.oversight import ReviewRules as ReviewRules
from core.domain.oversight import SecondReview as SecondReview
from core.domain.oversight import SecondState as SecondState
from core.domain.oversight import Worklist as Worklist
from core.domain.policies import Effort as Effort
from core.domain.policies import Label as Label
from core.domain.policies import OutputForm as OutputForm
from core.domain.policies import PolicyVersion as PolicyVersion
from core.domain.policies import Rule as Rule
from core.domain.queue import EntryState as EntryState
from core.domain.queue import QueueCounts as QueueCounts
from core.domain.queue import QueueFacets as QueueFacets
from core.domain.queue import QueueFilter as QueueFilter
from core.domain.queue import QueueRow as QueueRow
from core.domain.queue import QueueSort as QueueSort
from core.domain.queue import Review as Review
from core.domain.queue import SavedView as SavedView
from core.domain.refinement import Disagreement as Disagreement
from core.domain.refinement import DisagreementGroup as DisagreementGroup
from core.domain.results import Check as Check
from core.domain.results import ClassifySummary as ClassifySummary
from core.domain.results import ImportPreview as ImportPreview
from core.domain.results import ImportSummary as ImportSummary
from core.domain.results import PolicyStats as PolicyStats
from core.domain.results import PreviewRow as PreviewRow
from core.domain.results import QuarantinedRow as QuarantinedRow
from core.domain.results import RejectedRow as RejectedRow
from core.domain.trial_figures import ClauseFigures as ClauseFigures
from core.domain.trial_figures import Difference as Difference
from core.domain.trial_figures import Estimate as Estimate
from core.domain.trial_figures import Figures as Figures
from core.domain.trial_figures import LabelFigures as LabelFigures
from core.domain.trial_figures import McNemar as McNemar
from core.domain.trials import Answer as Answer
from core.domain.trials import Case as Case
from core.domain.trials import CaseSet as CaseSet
from core.domain.trials import CaseSource as CaseSource
from core.domain.trials import Draft as Draft
from core.domain.trials import DraftOrigin as DraftOrigin
from core.domain.trials import Flip as Flip
from core.domain.trials import FlipKind as FlipKind
from core.domain.trials import TrialRun as TrialRun
from core.domain.verdicts import ModelInfo as ModelInfo
from core.domain.verdicts import PromptToken as PromptToken
from core.domain.verdicts import PromptView as PromptView
from core.domain.verdicts import RawOutput as RawOutput
from core.domain.verdicts import Verdict as Verdict
from core.domain.verdicts import VerdictStatus as VerdictStatus
