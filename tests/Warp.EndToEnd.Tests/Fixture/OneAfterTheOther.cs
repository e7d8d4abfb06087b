using Xunit;

// Two labs at once are possible, but not two sets of tests with time limits on two cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
