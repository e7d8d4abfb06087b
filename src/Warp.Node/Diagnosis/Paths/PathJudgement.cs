using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Protocol;

namespace Warp.Node.Diagnosis.Paths;

/// <summary>Says, step by step, where the way from one service to another ends. Pure.</summary>
internal static class PathJudgement
{
    /// <summary>A service of another deployment: nothing has to be gathered.</summary>
    public static ImmutableArray<Finding> OtherDeployment(string caller, string target) =>
    [
        Finding.Problem(
            "policy", $"{caller} and {target} are in different deployments: they cannot reach each other, whatever the port", "deploy them together, or call the public URL of the other one ('warp ps' shows it)"),
    ];

    /// <summary>The steps in the order of a call; the first problem is most likely the cause of those after it.</summary>
    public static ImmutableArray<Finding> Of(PathView view) =>
    [
        Caller(view), Address(view), .. Name(view), .. view.Targets.IsEmpty ? [Missing(view)] : view.Targets.SelectMany(target => Instance(view, target)), .. Call(view), .. Refusals(view),
    ];

    private static Finding Caller(PathView view) => view.CallerInstance is { } caller
        ? Finding.Ok("caller", $"{caller.Name} runs on {caller.Runner}")
        : Finding.Problem("caller", $"no instance of {view.Caller} runs{(view.CallerCause is { } cause ? $": {cause}" : "")}", $"'warp logs {view.Caller}' and 'warp ps' say why");

    private static Finding Address(PathView view) =>
        Finding.Ok("address", $"{view.Variable} is {view.Address}; both are in one deployment, so every TCP port is allowed");

    private static IEnumerable<Finding> Name(PathView view)
    {
        if (view.Call is not { Failure: null } call)
        {
            yield break;
        }

        yield return call.Addresses.Contains(view.Address.ToString(), StringComparer.Ordinal)
            ? Finding.Ok("name", $"in the container {view.HostName} leads to {view.Address}")
            : Finding.Problem(
                "name",
                call.Addresses.IsEmpty ? $"in the container {view.HostName} leads nowhere" : $"in the container {view.HostName} leads to {string.Join(", ", call.Addresses)}",
                $"use {view.Variable} meanwhile; 'warp doctor' looks at the firewall, without which no name is answered");
    }

    private static Finding Missing(PathView view) =>
        Finding.Problem("target", $"{view.Target} has no instance", "'warp ps' says what its placement waits for");

    private static IEnumerable<Finding> Instance(PathView view, TargetInstance target)
    {
        yield return State(view, target);
        if (view.CallerInstance is { } caller && target.Reachable)
        {
            yield return Way(caller, target);
        }

        if (target is { Phase: InstancePhase.Running, Listeners: { } listeners })
        {
            yield return Listener(view, target.Instance.Name, listeners);
        }
    }

    private static Finding State(PathView view, TargetInstance target) => target switch
    {
        { Reachable: false } => Finding.Problem("target", $"{target.Instance.Name} is on {target.Instance.Runner}, which is not heard of", "'warp doctor' says what keeps that runner away"),
        { Phase: InstancePhase.Running, Health: InstanceHealth.Ready } => Finding.Ok("target", $"{target.Instance.Name} runs on {target.Instance.Runner} and is ready"),
        _ => Finding.Problem(
            "target",
            $"{target.Instance.Name} on {target.Instance.Runner} takes no connections: {target.Phase}{(target.Phase == InstancePhase.Running ? $", {target.Health}" : "")}{(target.Cause is { } cause ? $", {cause}" : "")}",
            $"'warp logs {view.Target}' says what it does; new connections wait for it for a while"),
    };

    private static Finding Way(PlacedInstance caller, TargetInstance target) => target switch
    {
        _ when caller.Runner == target.Instance.Runner => Finding.Ok("way", $"both are on {caller.Runner}: its kernel connects them"),
        { Link: { State: TunnelState.Up } link } => Finding.Ok("way", $"{link.Trunks} trunks lead from {caller.Runner} to {link.Peer} ({link.Cipher})"),
        { Link: { } link } => Finding.Problem("way", $"the tunnel from {caller.Runner} to {link.Peer} at {link.Endpoint} is {link.State}{(link.Problem is { } problem ? $": {problem}" : "")}", "'warp doctor' looks at each port between the two"),
        _ => Finding.Problem("way", $"{caller.Runner} has no tunnel to {target.Instance.Runner}", "it is made within seconds once both nodes are in the cluster; 'warp runners' and 'warp doctor' show whether they are"),
    };

    private static Finding Listener(PathView view, string instance, ListenerFacts listeners)
    {
        ImmutableArray<IPEndPoint> sockets = [.. listeners.Listening.Select(IPEndPoint.Parse)];
        var here = sockets.Where(socket => socket.Port == view.Port).ToList();
        return 0 switch
        {
            _ when listeners.Failure is { } failure => Finding.Warning("listener", $"where {instance} listens cannot be told: {failure}", "ask again when it runs"),
            _ when here.Exists(socket => !IPAddress.IsLoopback(socket.Address)) => Finding.Ok("listener", $"{instance} listens at {here.Find(socket => !IPAddress.IsLoopback(socket.Address))}"),
            _ when here.Count > 0 => Finding.Problem(
                "listener", $"{instance} listens at {string.Join(", ", here)} only, which nobody outside its own container reaches", "let it listen at all addresses (0.0.0.0); most servers have a setting such as bind or listen_addresses"),
            _ when sockets.Length > 0 => Finding.Problem(
                "listener", $"nothing in {instance} listens at port {view.Port}; it listens at {string.Join(", ", sockets)}", "call one of these ports, or have it listen at this one"),
            _ => Finding.Problem("listener", $"nothing in {instance} listens at any TCP port", $"'warp logs {view.Target}' says what it does"),
        };
    }

    private static IEnumerable<Finding> Call(PathView view)
    {
        if (view.Call is not { } call)
        {
            yield break;
        }

        yield return call switch
        {
            { Failure: { } failure } => Finding.Warning("call", $"no call could be made from the container: {failure}", "ask again when it runs"),
            { Outcome: CallFacts.Connected } => Finding.Ok(
                "call", string.Create(CultureInfo.InvariantCulture, $"a connection from {view.CallerInstance?.Name} to {view.Address}:{view.Port} was opened in {call.Milliseconds:0.0} ms, and closed again")),
            _ => Finding.Problem(
                "call",
                string.Create(CultureInfo.InvariantCulture, $"a connection from {view.CallerInstance?.Name} to {view.Address}:{view.Port} ended with {call.Outcome} after {call.Milliseconds:0} ms"),
                call.Outcome is nameof(SocketError.ConnectionRefused)
                    ? "its target answered that nothing listens there, or nothing may take it: see the problems above"
                    : "nobody answered: see the problems above; if there are none, 'warp doctor' looks at the firewalls of both runners"),
        };
    }

    private static IEnumerable<Finding> Refusals(PathView view)
    {
        if (!view.Refusals.IsEmpty)
        {
            yield return Finding.Warning("refusals", string.Join("; ", view.Refusals), "they were refused since the nodes began; those from before the last change of the deployment may be over");
        }
    }
}
