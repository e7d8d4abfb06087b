namespace Warp.Node.Http.Access;

/// <summary>Who may call an endpoint.</summary>
internal enum AccessLevel
{
    /// <summary>Anybody, without a certificate.</summary>
    Anyone,

    /// <summary>Anybody with a join token, which the endpoint asks for by itself.</summary>
    Token,

    /// <summary>Every identity of the cluster: administrators of every role, and nodes.</summary>
    Read,

    /// <summary>Nodes for themselves, and administrators who may do everything.</summary>
    Nodes,

    /// <summary>Administrators who may change the deployment's project, or everything.</summary>
    Deploy,

    /// <summary>Administrators who may do everything.</summary>
    Administer,
}
