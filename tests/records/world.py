"""What the sample files refer to, and when it is."""

from bot.question_set import QuestionSet
from bot.records import Known

NOW = 1_789_466_400.0  # 15 September 2026, a Tuesday, 10:00 in London
QUESTIONS = QuestionSet.load().questions  # the packaged set: the sample files keep in step with it
KNOWN = Known(desks={"main"}, officers={"s1001"}, restrictions={"breathing_space", "deceased"})
