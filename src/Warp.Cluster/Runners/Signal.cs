using Akka.Actor;

namespace Warp.Cluster.Runners;

/// <summary>What an actor's timer tells it; also the timer's key. The name says all.</summary>
internal sealed record Signal(string Name) : INoSerializationVerificationNeeded;
