using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Warp.Node.Hosting;

/// <summary>Hands the events of an actor system's event stream to a function, on the thread that publishes: a reference without an actor and without a mailbox.</summary>
[SuppressMessage("Design", "MA0097", Justification = "The order of references is their base class's business.")]
internal sealed class EventTap : MinimalActorRef
{
    private readonly ExtendedActorSystem _system;
    private readonly string _name;
    private readonly Action<object> _onEvent;

    private EventTap(ExtendedActorSystem system, string name, Action<object> onEvent) => (_system, _name, _onEvent) = (system, name, onEvent);

    /// <inheritdoc/>
    public override ActorPath Path => _system.Provider.RootPath / _name;

    /// <inheritdoc/>
    public override IActorRefProvider Provider => _system.Provider;

    /// <summary>Listens for as long as the system lives.</summary>
    /// <typeparam name="T">The events wanted, with those derived from them.</typeparam>
    /// <param name="system">Whose.</param>
    /// <param name="name">A name for the reference.</param>
    /// <param name="onEvent">Must not block.</param>
    public static void Listen<T>(ActorSystem system, string name, Action<T> onEvent)
        where T : class =>
        system.EventStream.Subscribe(new EventTap((ExtendedActorSystem)system, name, message => onEvent((T)message)), typeof(T));

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender) => _onEvent(message);
}
