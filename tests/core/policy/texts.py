"""Policies that the tests of policies and verdicts share."""

from __future__ import annotations

SPAM = """---
id: spam
title: Spam
applies_to: [message, reply]
output: rationale
effort: high
labels:
  - {code: SP0, name: Not spam, violates: false, aliases: [VALID, "0", NOT_SPAM]}
  - {code: SP2, name: Nuisance, violates: true, severity: 2}
  - {code: SP4, name: Malicious spam, violates: true, severity: 4, escalate: true, aliases: [INVALID + ESCALATE]}
---

# Instructions

Decide whether the content is spam.

# Violates

- SP2.a Unasked promotion
  of any length.
- **SP2.b**: The same text again.
- `SP4.a` Asking for a password.
- SP9.a Not a rule, because no label is called that.

# Safe

1. SP0.a An answer to a request.

# Examples

- SP2.a "Buy now" shows the rule again.
"""

WORDS = """Spam Policy (#SP)
GOAL: Identify spam. Classify as VALID (no spam) or INVALID (spam).

INSTRUCTIONS
Use high reasoning effort.

=====================
LEVELS
=====================

✅ SP0 (VALID) - Non-Spam
Useful messages.

Examples:
- "How do I upload a photo?"

Output: VALID

🚫 SP2 (INVALID) - Likely Spam
Unsolicited promotion.

Output: INVALID

🚨 SP4 (INVALID) - Malicious Spam
Theft.

Output: INVALID (+ escalate immediately)

OUTPUT FORMAT
Return exactly one word: VALID or INVALID.

Content: [INPUT]
Answer (VALID or INVALID):
"""

CODES = """# Goods Policy (#GD)

## Goal

Classify each example as `VALID` (allowed) or `INVALID` (goods).

## Allowed (GD0 - Information)

Talk about rules.

- GD0.a Question: "Why is it restricted?"

Output: `VALID`

## Promotion (GD1 - Promotion)

Praise.

- GD1.a Praise: "Try it once."

Output: `INVALID`

## Supply (GD2 - Supply)

How to get it.

- GD2.a Source: "This shop asks nothing."

Output: `INVALID` + ESCALATE

## Label Format

Each item gets one label.

- `GD0`: Information.
- `GD1`: Promotion.
- `GD2`: Supply.

## Ambiguity

- If in doubt, `GD1`.
"""

TIERS = """Risk Policy

GOAL: Tell how risky a request is.

OUTPUT FORMAT
For each request:
- Data Sensitivity: [PUBLIC / CRITICAL]
- Risk Tier: [LOW / MEDIUM / HIGH / CRITICAL]
- Decision: [ALLOW / BLOCK]

Risk Assessment:
"""

CATEGORIES = """Many Policies

GOAL: Name every policy that is violated.

**Severity (highest first):**
- Level 4: Self-harm with intent
- Level 3: Hate speech, violence

DETECTION PROCESS
Check:
- Hate speech (slurs)
- Self-harm (methods)
- Spam (repetition)

OUTPUT FORMAT
- Violated Policies: [policy1, policy2, ...]
- Primary Policy: [the_gravest]
"""

BINARY = """---
id: binary
output: binary
labels:
  - {code: OK, name: Fine, violates: false}
  - {code: BAD, name: Not fine, violates: true}
---
# Violates
- BAD.a Anything bad.
"""
