"""Who may see the shell's own pages."""

import rules
from django.conf import settings

rules.add_rule("site.read", rules.always_allow)
# The token that comes with the request is the secret: for who has none there is nothing.
rules.add_rule("site.read_metrics", rules.always_allow)
# The letters that would have been sent are shown on an example installation only.
rules.add_rule("site.read_mail", rules.predicate(lambda user: bool(settings.EXAMPLE and not settings.PRODUCTION)))
