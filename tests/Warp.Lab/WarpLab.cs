using System.Globalization;
using System.Security.Cryptography;
using Warp.Lab.Cleaning;
using Warp.Lab.Machines;

namespace Warp.Lab;

/// <summary>Several runners on one host, each a machine of its own, joined by one switch, with an outsider beside them. Removed as a whole, also when its process is killed.</summary>
public sealed class WarpLab : IAsyncDisposable
{
    private readonly LabOptions _options;
    private readonly string _folder;
    private readonly List<LabRunner> _runners = [];
    private LabRecord _record;
    private Switch? _switch;
    private Machine? _outsider;

    private WarpLab(LabOptions options, string id)
    {
        _options = options;
        _folder = Path.Combine(options.Root, id);
        _record = new LabRecord(id, ProcessIdentity.Of(Environment.ProcessId)!, new Dictionary<string, ProcessIdentity>(StringComparer.Ordinal));
    }

    /// <summary>Tells this lab from others on the host.</summary>
    public string Id => _record.Id;

    /// <summary>The lab's folder, gone with the lab.</summary>
    public string Folder => _folder;

    /// <summary>Where the logs are.</summary>
    public string LogFolder => _options.LogFolder ?? Path.Combine(_folder, "logs");

    /// <summary>The runners, in order of their numbers.</summary>
    public IReadOnlyList<LabRunner> Runners => _runners;

    /// <summary>The wire between the runners.</summary>
    public Switch Network => _switch!;

    /// <summary>A machine on the same network that belongs to nobody.</summary>
    public Machine Outsider => _outsider!;

    /// <summary>Its address on the switch.</summary>
    public string OutsiderAddress { get; } = Switch.AddressOf(200);

    /// <summary>The runner of that name.</summary>
    public LabRunner this[string name] =>
        _runners.Find(runner => string.Equals(runner.Name, name, StringComparison.Ordinal)) ?? throw new LabException($"the lab has no runner '{name}', only {string.Join(", ", _runners.Select(r => r.Name))}");

    /// <summary>Removes what dead labs left, then makes a lab with engines running, and nodes when the options ask for them.</summary>
    /// <exception cref="LabException">Something could not be started; everything that was is removed.</exception>
    public static async Task<WarpLab> StartAsync(LabOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        await LabCleaner.CleanAsync(options.Root);
        await HostControlGroups.EnsureMountedAsync();
        var lab = new WarpLab(options, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3)));
        try
        {
            await lab.MakeAsync();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes an image archive into every runner's engine.</summary>
    public Task LoadImageAsync(string archive) => Task.WhenAll(_runners.Select(runner => runner.Engine.LoadAsync(archive)));

    /// <summary>Ends and removes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_runners.Select(runner => runner.DisposeAsync().AsTask()));

        if (_outsider is not null)
        {
            await _outsider.DisposeAsync();
        }

        if (_switch is not null)
        {
            await _switch.DisposeAsync();
        }

        await LabCleaner.RemoveAsync(_folder, _record);
    }

    private async Task MakeAsync()
    {
        Directory.CreateDirectory(_folder);
        await _record.SaveAsync(_folder);
        _options.Progress(string.Create(CultureInfo.InvariantCulture, $"lab {Id}: {_options.Runners} runners on one switch"));
        _switch = await Switch.StartAsync(Path.Combine(_folder, "switch"));
        _outsider = await Machine.StartAsync("outsider", Path.Combine(_folder, "outsider"));
        await _switch.PlugInAsync(_outsider, OutsiderAddress);
        for (var number = 1; number <= _options.Runners; number++)
        {
            _runners.Add(await LabRunner.CreateAsync(number, _folder, LogFolder, _record.ControlGroup, _switch, _options));
        }

        await RecordMachinesAsync();
        await Task.WhenAll(_runners.Select(runner => runner.Engine.StartAsync()));
        if (_options.StartNodes)
        {
            await ClusterSetup.RunAsync(_runners, _folder, _options.Progress);
        }
    }

    private Task RecordMachinesAsync()
    {
        Machine[] machines = [_switch!.Machine, _outsider!, .. _runners.Select(runner => runner.Machine)];
        _record = _record with { Machines = machines.ToDictionary(machine => machine.Name, machine => machine.Init, StringComparer.Ordinal) };
        return _record.SaveAsync(_folder);
    }
}
