"""The order of the package's modules."""

# A module imports only from groups before its own (or its own); the README shows the same list.
ORDER = (
    ("paths", "writing", "config", "categories", "device", "image_formats", "stages"),
    ("image_reading", "frame", "preprocess"),
    ("model",),
    ("boxes",),
    ("peaks",),
    ("decode", "combine", "fast", "observation"),
    ("checkpoints",),
    ("detector", "presets", "records"),
    ("replicas",),
    ("data",),
    ("analysis",),
    ("training",),
    ("figures",),
    ("evaluation",),
    ("studies",),
    ("learning",),
    ("server",),
    ("ui",),
    ("commands",),
    ("cli", "__main__"),
)
