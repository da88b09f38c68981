"""What a post says about its paper: facts with evidence, and the work they settle into."""
