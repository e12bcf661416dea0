"""Language models, built part by part: from bigram counts to a selective state-space model."""
