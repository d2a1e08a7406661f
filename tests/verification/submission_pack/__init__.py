"""Tests of the submission pack and its checker."""
