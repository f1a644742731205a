"""The harmony prompt format of gpt-oss and gpt-oss-safeguard.

It owns the layout: a system message with effort and channels, the policy in the developer message, the item in the
user message, reasoning in the analysis channel, the verdict in the final channel. It must not tokenise anything.
The layout follows the published format; the date line is left out so that a prompt depends on its inputs alone.
"""

from __future__ import annotations

from core.domain import Effort, Item, PolicyVersion
from core.inference.prompt import Answer, Force, Piece, Step, Think, item_pieces, output_rule, verdict_steps
from core.inference.protocol import JudgeOptions

# Reasoning budgets in tokens. Recorded runs of the 20b model reach 2,283 tokens at the 95th percentile of the longest
# policy; the medium budget holds that twice over, so that a cut is rare and means a model that does not stop.
REASONING_TOKENS = {Effort.LOW: 1024, Effort.MEDIUM: 4096, Effort.HIGH: 8192}
RATIONALE_TOKENS = 160
ANSWER_TOKENS = 512
HEADING = "# Instructions\n"


class Harmony:
    """gpt-oss: system, developer, user, then the analysis and final channels."""

    name = "harmony"

    def prefix(self, policy: PolicyVersion, options: JudgeOptions) -> list[Piece]:
        """Return the system and developer messages and the head of the user message."""
        system = (
            "You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\n\n"
            f"Reasoning: {options.effort.value}\n\n"
            "# Valid channels: analysis, final. Channel must be included for every message."
        )
        rule = output_rule(policy)
        # The heading is part of the format; a policy that brings its own does not repeat it.
        body = policy.body.lstrip().removeprefix(HEADING).lstrip("\n")
        return [
            Piece("<|start|>system<|message|>", "scaffold", special=True),
            Piece(system, "system"),
            Piece("<|end|><|start|>developer<|message|>", "scaffold", special=True),
            Piece(f"{HEADING}\n{rule}\n\n" if rule else f"{HEADING}\n", "scaffold"),
            Piece(body, "policy"),
            Piece(f"\n\n{rule}" if rule else "", "scaffold"),
            Piece("<|end|><|start|>user<|message|>", "scaffold", special=True),
        ]

    def content(self, item: Item) -> list[Piece]:
        """Return the item and the head of the assistant's turn."""
        return [*item_pieces(item), Piece("<|end|><|start|>assistant", "scaffold", special=True)]

    def steps(self, policy: PolicyVersion, options: JudgeOptions) -> list[Step]:
        """Return reasoning in the analysis channel, then the verdict in the final channel."""
        final = "<|start|>assistant<|channel|>final<|message|>"
        answer = Answer(ANSWER_TOKENS)
        verdict = verdict_steps(policy, options, answer, RATIONALE_TOKENS)
        if options.fast:
            return [Force("<|channel|>final<|message|>", special=True), *verdict]
        budget = options.reasoning_budget or REASONING_TOKENS[options.effort]
        return [
            Force("<|channel|>analysis<|message|>", special=True),
            Think(budget, force=bool(options.force_verdict)),
            Force(f"<|end|>{final}", special=True),
            *verdict,
        ]
