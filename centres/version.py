"""Which version of Countersign this is; CHANGELOG.md says what came with each."""

VERSION = "0.1.0"
