using Warp.Cluster.Protocol;

namespace Warp.Cluster.Registries;

/// <summary>A fact of the cluster's logins, in the journal for ever; passwords are sealed there.</summary>
internal interface IRegistryLoginEvent : IWarpMessage;

/// <summary>A login was given, or another one for the same registry.</summary>
internal sealed record RegistryLoginKept(SealedLogin Login) : IRegistryLoginEvent;

/// <summary>A login was taken away.</summary>
internal sealed record RegistryLoginForgotten(string Registry) : IRegistryLoginEvent;
