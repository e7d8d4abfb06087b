using System.CommandLine;
using Warp.Node.Configuration;

namespace Warp.Node.Cli;

/// <summary>Which node a command speaks to, and how it prints; the same on every verb.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = $"The data folder of the node on this machine (else ${DataFolder.Variable}, else {DataFolder.DefaultPath}).",
        Recursive = true,
        HelpName = "FOLDER",
    };

    private readonly Option<Uri?> _node = new("--node")
    {
        Description = "Speak to a node elsewhere, such as https://192.0.2.11:8558, instead of the one on this machine.",
        Recursive = true,
        HelpName = "URL",
        CustomParser = static argument => NodeUrl.Parse(argument),
    };

    private readonly Option<string?> _certificate = new("--cert") { Description = "With --node: the client certificate (PEM). Default: admin.crt in the data folder.", Recursive = true, HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "With --node: its private key (PEM). Default: admin.key in the data folder.", Recursive = true, HelpName = "FILE" };
    private readonly Option<string?> _authority = new("--ca") { Description = "With --node: the cluster's CA (PEM). Default: ca.crt in the data folder.", Recursive = true, HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON as the API answered it." };

    /// <summary>Makes the options known on every verb.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(_data);
        root.Add(_node);
        root.Add(_certificate);
        root.Add(_key);
        root.Add(_authority);
    }

    /// <summary>Gives a reading verb its <c>--json</c>.</summary>
    public void AddJsonTo(Command command) => command.Add(_json);

    public DataFolder Data(ParseResult parsed) => DataFolder.At(parsed.GetValue(_data));

    /// <summary>Whether it is the node on this machine.</summary>
    public bool IsLocal(ParseResult parsed) => parsed.GetValue(_node) is null;

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <exception cref="OperatorException">A certificate cannot be read, or no node runs there.</exception>
    public NodeClient Connect(ParseResult parsed)
    {
        var data = Data(parsed);
        return new NodeClient(parsed.GetValue(_node) is { } url
            ? NodeConnection.Remote(
                url,
                parsed.GetValue(_certificate) ?? data.AdminCertificate,
                parsed.GetValue(_key) ?? data.AdminKey,
                parsed.GetValue(_authority) ?? data.Authorities)
            : NodeConnection.Local(data.SocketFile));
    }
}
