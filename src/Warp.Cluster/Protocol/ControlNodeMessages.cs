using Akka.Event;

namespace Warp.Cluster.Protocol;

/// <summary>Control node to control node, also before either is in a cluster: how do you stand? Answered by <see cref="ControlNodeStanding"/>.</summary>
public sealed record AskStanding : IWarpMessage, IDeadLetterSuppression;

/// <summary>How a control node stands.</summary>
/// <param name="InCluster">Whether it is a member of a cluster, or about to become one.</param>
/// <param name="ControlNodes">How many control nodes it was told the cluster is to have.</param>
/// <param name="SharesJournal">Whether its journal is one that several control nodes can share.</param>
public sealed record ControlNodeStanding(bool InCluster, int ControlNodes, bool SharesJournal) : IWarpMessage, IDeadLetterSuppression;
