using Akka.Actor;

namespace Warp.Cluster.Deployments;

/// <summary>A deployment actor to itself: time limits of a rollout may be over.</summary>
internal sealed class Advance : INoSerializationVerificationNeeded
{
    /// <summary>The one.</summary>
    public static Advance Instance { get; } = new();
}

/// <summary>A deployment actor to itself: compare wish and reality.</summary>
internal sealed class Reconcile : INoSerializationVerificationNeeded
{
    /// <summary>The one.</summary>
    public static Reconcile Instance { get; } = new();
}

/// <summary>A deployment actor to itself: tell again how things stand.</summary>
internal sealed class Announce : INoSerializationVerificationNeeded
{
    /// <summary>The one.</summary>
    public static Announce Instance { get; } = new();
}
