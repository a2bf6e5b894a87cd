"""What the tabs are called: in addresses, and on the page."""

# The explorer's own first: the page opens with it.
TABS = {
    "explore": "Explore",
    "tour": "Tour",
    "what-if": "What if?",
    "compare": "Compare",
    "camera": "Camera",
    "sandbox": "Sandbox",
    "truth": "Truth",
    "studies": "Studies",
    "learn": "Learn",
}
