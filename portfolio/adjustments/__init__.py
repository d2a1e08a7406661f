"""What is adjusted for a candidate so that they are assessed fairly: agreed, shown while they are assessed, ended."""
