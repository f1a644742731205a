"""The user's verbs. Commands and windows call these and nothing below; each returns what changed.

One module for each family of verbs. Importing this package loads neither Qt nor the model library nor the keychain.
"""

from core.inference.protocol import Classifier as Classifier
from core.models.catalogue import SAMPLE_ID as SAMPLE_ID
from core.paths import default_workspace_folder as default_workspace_folder
from core.paths import last_workspace as last_workspace
from core.paths import remember_workspace as remember_workspace
from core.paths import window_layout_file as window_layout_file
from core.services.classifiers import allow_remote as allow_remote
from core.services.classifiers import open_classifier as open_classifier
from core.services.decisions_file import DecisionAck as DecisionAck
from core.services.decisions_file import decide_from_file as decide_from_file
from core.services.demo import DEMO_ITEMS as DEMO_ITEMS
from core.services.demo import DemoResult as DemoResult
from core.services.demo import create_sample_workspace as create_sample_workspace
from core.services.demo import run_demo as run_demo
from core.services.demo import sample_queue_path as sample_queue_path
from core.services.doctor import doctor as doctor
from core.services.export import ExportSummary as ExportSummary
from core.services.export import export as export
from core.services.health import verify as verify
from core.services.inspecting import Rerun as Rerun
from core.services.inspecting import inspect as inspect
from core.services.inspecting import rerun as rerun
from core.services.intake import import_file as import_file
from core.services.judging import JudgingEvent as JudgingEvent
from core.services.judging import JudgingStarted as JudgingStarted
from core.services.judging import ModelRestarted as ModelRestarted
from core.services.judging import ReasoningDelta as ReasoningDelta
from core.services.judging import VerdictStored as VerdictStored
from core.services.judging import classify as classify
from core.services.models import ListedModel as ListedModel
from core.services.models import list_models as list_models
from core.services.policies import add_policy as add_policy
from core.services.policies import get_policy as get_policy
from core.services.policies import list_policies as list_policies
from core.services.policies import read_policy as read_policy
from core.services.policies import shipped_policies as shipped_policies
from core.services.review import UndoResult as UndoResult
from core.services.review import decide as decide
from core.services.review import escalate as escalate
from core.services.review import find_entry as find_entry
from core.services.review import get_review as get_review
from core.services.review import queue_counts as queue_counts
from core.services.review import queue_ids as queue_ids
from core.services.review import queue_rows as queue_rows
from core.services.review import skip as skip
from core.services.review import undo as undo
from core.services.workspace import Workspace as Workspace
from core.services.workspace import create_workspace as create_workspace
from core.services.workspace import is_workspace as is_workspace
from core.services.workspace import keychain_available as keychain_available
from core.services.workspace import needs_passphrase as needs_passphrase
from core.services.workspace import open_workspace as open_workspace
from core.services.workspace import save_settings as save_settings
