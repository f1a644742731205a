"""The ChatML prompt format, used by the sample model.

It owns the layout: the policy in the system turn, the item in the user turn, then a line of reasoning and the verdict
in the assistant's turn. Models of this format were not trained to reason first, so a short budget ends the reasoning
and the verdict is read all the same; the cut is flagged. It must not tokenise anything.
"""

from __future__ import annotations

from core.domain import Effort, Item, PolicyVersion
from core.inference.prompt import Answer, Force, Piece, Step, Think, item_pieces, output_rule, verdict_steps
from core.inference.protocol import JudgeOptions

REASONING_TOKENS = {Effort.LOW: 24, Effort.MEDIUM: 48, Effort.HIGH: 96}
RATIONALE_TOKENS = 24
ANSWER_TOKENS = 256


class ChatML:
    """SmolLM2 and other ChatML models: system, user, assistant."""

    name = "chatml"

    def prefix(self, policy: PolicyVersion, options: JudgeOptions) -> list[Piece]:
        """Return the system turn with the policy and the head of the user turn."""
        del options
        rule = output_rule(policy)
        return [
            Piece("<|im_start|>system\n", "scaffold", special=True),
            Piece("You judge content by the policy below. First give your reasoning, then the verdict.\n\n", "system"),
            Piece(policy.body, "policy"),
            Piece(f"\n\n{rule}" if rule else "", "scaffold"),
            Piece("<|im_end|>\n<|im_start|>user\n", "scaffold", special=True),
        ]

    def content(self, item: Item) -> list[Piece]:
        """Return the item and the head of the assistant's turn."""
        return [*item_pieces(item), Piece("<|im_end|>\n<|im_start|>assistant\n", "scaffold", special=True)]

    def steps(self, policy: PolicyVersion, options: JudgeOptions) -> list[Step]:
        """Return a line of reasoning, then the verdict."""
        answer = Answer(ANSWER_TOKENS)
        verdict = verdict_steps(policy, options, answer, RATIONALE_TOKENS)
        if options.fast:
            return [Force("Verdict: "), *verdict]
        budget = options.reasoning_budget or REASONING_TOKENS[options.effort]
        force = True if options.force_verdict is None else options.force_verdict
        return [Force("Reasoning:"), Think(budget, force), Force("\nVerdict: "), *verdict]
