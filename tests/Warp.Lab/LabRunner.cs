using Warp.Lab.Engines;
using Warp.Lab.Machines;
using Warp.Lab.Nodes;

namespace Warp.Lab;

/// <summary>One runner of the lab: a machine with its engine and its node.</summary>
public sealed class LabRunner : IAsyncDisposable
{
    private LabRunner(string name, string address, Machine machine, ContainerEngine engine, WarpNode node) =>
        (Name, Address, Machine, Engine, Node) = (name, address, machine, engine, node);

    /// <summary>Its name, as a machine and in the cluster.</summary>
    public string Name { get; }

    /// <summary>Its address on the switch.</summary>
    public string Address { get; }

    /// <summary>Its machine.</summary>
    public Machine Machine { get; }

    /// <summary>Its container engine.</summary>
    public ContainerEngine Engine { get; }

    /// <summary>Its node process.</summary>
    public WarpNode Node { get; }

    /// <summary>Runs the docker command line against this runner's engine.</summary>
    public Task<ToolResult> DockerAsync(params IReadOnlyList<string> arguments) => Engine.DockerAsync(arguments);

    /// <summary>Runs the warp command line on this runner.</summary>
    public Task<ToolResult> WarpAsync(params IReadOnlyList<string> arguments) => Node.WarpAsync(arguments);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Node.Dispose();
        Engine.Dispose();
        return Machine.DisposeAsync();
    }

    /// <summary>Makes the machine and plugs it in; starts neither engine nor node.</summary>
    internal static async Task<LabRunner> CreateAsync(int number, string folder, string logFolder, string controlGroup, Switch network, LabOptions options)
    {
        var name = $"r{number}";
        var address = Switch.AddressOf(10 + number);
        var machine = await Machine.StartAsync(name, Path.Combine(folder, name));
        await network.PlugInAsync(machine, address);
        return new LabRunner(
            name,
            address,
            machine,
            new ContainerEngine(machine, logFolder, $"{controlGroup}/{name}"),
            new WarpNode(machine, address, options, Path.Combine(logFolder, $"{name}-node.log")));
    }
}
